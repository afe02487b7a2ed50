export interface paths {
    "/v2/{project_id}/desktops/batch-detach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unbind users in batches
         * @description Unbinds users or user groups from up to 100 desktops. A single-user desktop shuts down
         *     immediately, even while it is in use; a multi-user desktop stays up.
         *
         *     Status 200 does not mean that every unbinding succeeded: `failed_operation_list` names the
         *     desktops that failed. The operation is not idempotent, so do not retry a request that may
         *     have been processed.
         *
         *     The caller also needs the IAM action `vpc:ports:get`.
         */
        post: operations["BatchDetachInstances"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/{project_id}/desktops/{desktop_id}/detach-info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the unbinding records of a desktop
         * @description Lists the unbinding records of a desktop, one for each user or user group.
         */
        get: operations["ListDesktopDetachInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/{project_id}/desktops/logoff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log desktops off in batches
         * @description Ends the sessions on up to 100 desktops and shows their users a message. Unsaved work is
         *     lost.
         */
        post: operations["BatchLogoffDesktops"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The id of a project: 1 to 255 characters. It is not `.` or `..` and contains no `/`, `?`,
         *     `#`, `%`, backslash or control character, which would change the path of a request.
         * @example 0bec5db98280d2d02fd6c00c2de791ce
         */
        ProjectId: string;
        /**
         * @description The id of a desktop: 1 to 255 characters. It is not `.` or `..` and contains no `/`, `?`,
         *     `#`, `%`, backslash or control character, which would change the path of a request.
         * @example 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
         */
        DesktopId: string;
        /**
         * @description The id of a desktop in the body of a batch: 1 to 255 characters. In a body, no id can change
         *     the path of the request.
         * @example 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
         */
        BatchDesktopId: string;
        /**
         * @description The name of a user or user group: 1 to 64 characters. A user name consists of letters,
         *     digits, `-` and `_`, with at most 20 characters on a Windows desktop or in a domain that
         *     Workspace manages (`LITE_AD`). It starts with a letter or, in your own domain (`LOCAL_AD`),
         *     with a letter or digit, and it is not the name of the desktop. A group name may also contain
         *     Chinese characters.
         * @example li-na
         */
        UserName: string;
        /** @description A batch of desktops to unbind users from. */
        BatchDetachInstancesReq: {
            /**
             * @description The desktops to unbind users from, 1 to 100 per request.
             * @example [
             *       {
             *         "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
             *         "is_detach_all_users": true
             *       }
             *     ]
             */
            desktops?: components["schemas"]["DetachInstancesDesktopInfo"][];
        };
        /** @description A desktop, and the users to unbind from it. */
        DetachInstancesDesktopInfo: {
            desktop_id?: components["schemas"]["BatchDesktopId"];
            /**
             * @description Whether to unbind all users of the desktop. If `true`, `detach_user_infos` is ignored;
             *     if `false`, it lists the users to unbind.
             * @default false
             * @example false
             */
            is_detach_all_users?: boolean;
            /**
             * @description The users and user groups to unbind, at most 500. Ignored if `is_detach_all_users` is
             *     `true`.
             * @example [
             *       {
             *         "user_name": "li-na",
             *         "type": "USER"
             *       }
             *     ]
             */
            detach_user_infos?: components["schemas"]["DetachInstancesUserInfo"][];
        };
        /** @description A user or a user group to unbind. */
        DetachInstancesUserInfo: {
            /**
             * @description The id of the user or, if `type` is `GROUP`, of the user group.
             * @example 5a0f4f1c9d1e4f8b8a6f2d3c4b5a6978
             */
            user_id?: string;
            user_name: components["schemas"]["UserName"];
            /**
             * @description The domain of the user.
             * @example corp.example.com
             */
            domain?: string;
            /**
             * @description The operating system group of the user: `sudo` (administrators) or `default` on Linux,
             *     `administrators` or `users` on Windows.
             * @example users
             */
            user_group?: string;
            /**
             * @description Whether to unbind a user (`USER`) or a user group (`GROUP`).
             * @default USER
             * @example USER
             * @enum {string}
             */
            type?: "USER" | "GROUP";
        };
        /**
         * @description The result of a batch of unbindings. The service accepted the unbinding of every desktop
         *     that is not listed as failed.
         */
        BatchDetachInstancesResponse: {
            /**
             * @description The desktops whose unbinding failed. Absent, `null` and empty all mean that none failed.
             * @example [
             *       {
             *         "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004",
             *         "desktop_name": "lab-01",
             *         "error_code": "WKS.00010032",
             *         "error_msg": "The desktop is restarting."
             *       }
             *     ]
             */
            failed_operation_list?: components["schemas"]["VmOperateResult"][] | null;
            /**
             * @description The job that unbinds desktops of a desktop pool. Empty or absent for ordinary desktops.
             * @example 6f1c2b3a4d5e6f70
             */
            job_id?: string;
            /**
             * @description The jobs of the accepted unbindings. Absent, `null` and empty mean the same.
             * @example [
             *       "8a7b6c5d4e3f2a1b"
             *     ]
             */
            success_job_ids?: string[] | null;
        };
        /** @description A desktop on which the operation failed, and the reason. */
        VmOperateResult: {
            /**
             * @description The id of the desktop.
             * @example 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004
             */
            desktop_id?: string;
            /**
             * @description The name of the desktop.
             * @example lab-01
             */
            desktop_name?: string;
            /**
             * @description The service's error code.
             * @example WKS.00010032
             */
            error_code?: string;
            /**
             * @description The error message.
             * @example The desktop is restarting.
             */
            error_msg?: string;
        };
        /** @description The unbinding records of a desktop. */
        ListDesktopDetachInfoResponse: {
            /**
             * @description The records. Absent, `null` and empty all mean that there are none.
             * @example [
             *       {
             *         "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
             *         "user_name": "omar",
             *         "type": "USER"
             *       }
             *     ]
             */
            desktop_detach_infos?: components["schemas"]["DesktopDetachInfo"][] | null;
        };
        /** @description The record of a user or user group that was unbound from a desktop. */
        DesktopDetachInfo: {
            /**
             * @description The id of the desktop.
             * @example 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
             */
            desktop_id?: string;
            /**
             * @description The name of the desktop.
             * @example design-01
             */
            desktop_name?: string;
            /**
             * @description The id of the user or user group.
             * @example 5a0f4f1c9d1e4f8b8a6f2d3c4b5a6979
             */
            user_id?: string;
            /**
             * @description The name of the user or user group.
             * @example omar
             */
            user_name?: string;
            /**
             * @description The operating system group of the user, which sets the permissions on the desktop. Known
             *     values: `sudo`, `default`, `administrators`, `users`; there may be others.
             * @example users
             */
            user_group?: string;
            /**
             * @description The time of the unbinding. The vendor does not document its format, so treat it as text.
             * @example 2026-03-10T12:02:11Z
             */
            detach_time?: string;
            /**
             * @description Whether a user or a user group was unbound. Known values: `USER`, `GROUP`; there may be
             *     others.
             * @example USER
             */
            type?: string;
        };
        /** @description The desktops to log off, and a message to their users. */
        LogoffDesktopsReq: {
            /**
             * @description The desktops to log off, 1 to 100 per request.
             * @example [
             *       "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001"
             *     ]
             */
            desktop_ids?: components["schemas"]["BatchDesktopId"][];
            /**
             * @description The message shown to the users, at most 255 characters.
             * @example This desktop is being logged off for maintenance.
             */
            message?: string;
        };
        /**
         * @description The reason why a request failed. The service and the API gateway in front of it set
         *     different properties. The error response of a proxy may not be JSON.
         */
        ErrorResponse: {
            /**
             * @description The error code, such as `WKS.0001` from the service or `APIGW.0301` from the gateway.
             * @example WKS.00010032
             */
            error_code?: string;
            /**
             * @description The error message.
             * @example The state of the desktop does not allow this operation.
             */
            error_msg?: string;
            /**
             * @description Details of the cause.
             * @example REBOOTING
             */
            error_detail?: string;
            /**
             * @description The encrypted reason of a 403. Decode it with `POST /v5/decode-authorization-message` of
             *     STS.
             * @example XvVh3bJ5tQbW0pYl
             */
            encoded_authorization_message?: string;
            /**
             * @description The request id, which the API gateway also sets in the body. Prefer the header
             *     `X-Request-Id`.
             * @example 7b2d9a4e5c6f4d0fa1b2c3d4e5f60718
             */
            request_id?: string;
        };
    };
    responses: {
        /**
         * @description The request is malformed, exceeds a limit, or names something that does not exist: the
         *     service often returns 400 instead of 404.
         */
        BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error_code": "WKS.0001",
                 *       "error_msg": "The request is empty or malformed."
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The token or signature is missing, invalid or expired. Do not retry: more than five invalid
         *     signatures in a row lock the access key for five minutes.
         */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error_code": "APIGW.0301",
                 *       "error_msg": "Incorrect IAM authentication information: decrypt token fail",
                 *       "request_id": "7b2d9a4e5c6f4d0fa1b2c3d4e5f60718"
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The caller lacks an IAM action that the operation needs: the one that
         *     `x-huaweicloud-iam-action` names, or one of `x-huaweicloud-iam-dependencies`.
         *     `encoded_authorization_message` may contain the reason.
         */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error_code": "WKS.00081102",
                 *       "error_msg": "The caller is not allowed to do this.",
                 *       "encoded_authorization_message": "XvVh3bJ5tQbW0pYl"
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description The project or desktop does not exist. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error_code": "WKS.0202",
                 *       "error_msg": "The desktop does not exist."
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description The current state of a desktop does not allow the operation. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error_code": "WKS.00010032",
                 *       "error_msg": "The state of the desktop does not allow this operation.",
                 *       "error_detail": "REBOOTING"
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description The service failed. It may have processed the request. */
        InternalServerError: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error_code": "WKS.00211401",
                 *       "error_msg": "The service failed. Try again later."
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
    };
    parameters: {
        /**
         * @description The project that owns the desktops.
         * @example 0bec5db98280d2d02fd6c00c2de791ce
         */
        ProjectInPath: components["schemas"]["ProjectId"];
        /**
         * @description The desktop whose records are listed.
         * @example 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
         */
        DesktopInPath: components["schemas"]["DesktopId"];
    };
    requestBodies: never;
    headers: {
        /**
         * @description The request id. Quote it when you contact the vendor's support. Responses of proxies may not
         *     have it.
         */
        RequestId: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    BatchDetachInstances: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The project that owns the desktops.
                 * @example 0bec5db98280d2d02fd6c00c2de791ce
                 */
                project_id: components["parameters"]["ProjectInPath"];
            };
            cookie?: never;
        };
        /** @description The desktops, and the users to unbind from each. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "desktops": [
                 *         {
                 *           "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
                 *           "is_detach_all_users": false,
                 *           "detach_user_infos": [
                 *             {
                 *               "user_id": "5a0f4f1c9d1e4f8b8a6f2d3c4b5a6978",
                 *               "user_name": "li-na",
                 *               "domain": "corp.example.com",
                 *               "user_group": "users",
                 *               "type": "USER"
                 *             }
                 *           ]
                 *         },
                 *         {
                 *           "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004",
                 *           "is_detach_all_users": true
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BatchDetachInstancesReq"];
            };
        };
        responses: {
            /** @description The request was processed, at least in part. Read `failed_operation_list`. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "failed_operation_list": [
                     *         {
                     *           "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004",
                     *           "desktop_name": "lab-01",
                     *           "error_code": "WKS.00010032",
                     *           "error_msg": "The desktop is restarting."
                     *         }
                     *       ],
                     *       "job_id": "",
                     *       "success_job_ids": [
                     *         "8a7b6c5d4e3f2a1b"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BatchDetachInstancesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["InternalServerError"];
        };
    };
    ListDesktopDetachInfo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The project that owns the desktops.
                 * @example 0bec5db98280d2d02fd6c00c2de791ce
                 */
                project_id: components["parameters"]["ProjectInPath"];
                /**
                 * @description The desktop whose records are listed.
                 * @example 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
                 */
                desktop_id: components["parameters"]["DesktopInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The unbinding records of the desktop. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "desktop_detach_infos": [
                     *         {
                     *           "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
                     *           "desktop_name": "design-01",
                     *           "user_id": "5a0f4f1c9d1e4f8b8a6f2d3c4b5a6979",
                     *           "user_name": "omar",
                     *           "user_group": "users",
                     *           "detach_time": "2026-03-10T12:02:11Z",
                     *           "type": "USER"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ListDesktopDetachInfoResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["InternalServerError"];
        };
    };
    BatchLogoffDesktops: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The project that owns the desktops.
                 * @example 0bec5db98280d2d02fd6c00c2de791ce
                 */
                project_id: components["parameters"]["ProjectInPath"];
            };
            cookie?: never;
        };
        /** @description The desktops, and the message to their users. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "desktop_ids": [
                 *         "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
                 *         "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002"
                 *       ],
                 *       "message": "This desktop is being logged off for maintenance."
                 *     }
                 */
                "application/json": components["schemas"]["LogoffDesktopsReq"];
            };
        };
        responses: {
            /** @description The log-off was accepted. The response has no body. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["InternalServerError"];
        };
    };
}
